/** What a bundler takes for a page in production: errors say what is wrong by the number of their text. */
export const FULL_TEXTS: boolean = false;

/** Errors say what is wrong in words. The build has modules ask `#texts`. */
export const FULL_TEXTS: boolean = true;

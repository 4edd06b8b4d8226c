/** Makes a text area as high as its text, up to the limit in the style sheet. */
export function fitHeight(input: HTMLTextAreaElement): void {
  input.style.height = 'auto';
  input.style.height = `${input.scrollHeight}px`;
}

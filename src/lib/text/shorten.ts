/** The first characters of a text, with an ellipsis when it was cut. An emoji is not cut into halves. */
export function shorten(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most).join("").trimEnd()}…`;
}

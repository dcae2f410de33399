/** `handOverRun` → `hand-over-run`: the name of a function's file, bundle and deployed function. */
export function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

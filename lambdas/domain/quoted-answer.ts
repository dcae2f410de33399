const MOST_CHARACTERS = 200;

/** What another service said, for the end of a message: `: <its words>`, on one line and cut; nothing if it said nothing. */
export function quotedAnswer(text: string): string {
  const printable = text
    .replace(/[^\P{C}\t\n\r]/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
  return printable === '' ? '' : `: ${[...printable].slice(0, MOST_CHARACTERS).join('')}`;
}

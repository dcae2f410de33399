import { parseVerbatim } from '../domain/json.ts';

/**
 * `JSON.parse` of a definition, in which `metadata` keeps its numbers as they are written: it is its user's, and a float
 * would change some. All other numbers are settings, and read as numbers. @throws SyntaxError
 */
export function parseDefinition(text: string): unknown {
  const definition: unknown = JSON.parse(text);
  if (typeof definition !== 'object' || definition === null || !('metadata' in definition)) return definition;
  const { metadata } = parseVerbatim(text) as typeof definition;
  return { ...definition, metadata };
}

import { invalidConfiguration } from './invalid-configuration.ts';
import type { MappingConfig } from './mapping-config.ts';
import { parseTemplate } from './template.ts';

const SHOWN = 20;

/**
 * Throws `RunFailure` that names every column of the mapping that the source does not have. An empty file has no
 * columns, but no record either that could miss them.
 */
export function requireColumns(config: MappingConfig, names: readonly string[] | null): void {
  if (names === null || names.length === 0) return;
  const unknown = usesOf(config).filter(({ column }) => !names.includes(column));
  const [first, ...others] = unknown.map(({ path, column }) => ({ path, why: `no column "${column}"` }));
  if (first === undefined) return;
  const shown = names.slice(0, SHOWN).join(', ') + (names.length > SHOWN ? `, … ${names.length - SHOWN} more` : '');
  const more = others.map(({ path, why }) => `; ${path}: ${why}`).join('');
  throw invalidConfiguration(first.path, `${first.why}${more} (columns: ${shown})`);
}

type Use = { readonly path: string; readonly column: string };

function usesOf({ fields = [], timestamp, key = [] }: MappingConfig): readonly Use[] {
  return [
    ...fields.flatMap(({ from, template }, index): Use[] => {
      const path = `mapping.fields[${index}]`;
      if (from !== undefined) return [{ path: `${path}.from`, column: from }];
      return columnsOf(template).map((column) => ({ path: `${path}.template`, column }));
    }),
    ...(timestamp ? [{ path: 'mapping.timestamp.from', column: timestamp.from }] : []),
    ...key.map((column, index) => ({ path: `mapping.key[${index}]`, column })),
  ];
}

function columnsOf(template: string | undefined): readonly string[] {
  const parts = template === undefined ? [] : parseTemplate(template);
  return 'problem' in parts ? [] : parts.flatMap((part) => (typeof part === 'string' ? [] : [part.field]));
}

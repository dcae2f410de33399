import type { Model } from './engine/template/model.ts';

/** What functions are told; each that has the variable is told the same. */
export function settingOf(model: Model, name: string): string {
  return model.functions.flatMap(({ environment }) => environment[name] ?? [])[0] ?? '';
}

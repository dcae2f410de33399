/** Does some work when its turn has come; its result is the work's. */
export type InTurn = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** So many at once; the others wait in line. */
export function turns(most: number): InTurn {
  const waiting: (() => void)[] = [];
  let underWay = 0;
  return async (work) => {
    if (underWay >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else underWay += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else underWay -= 1;
    }
  };
}

declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** A DynamoDB server, not yet listening. `path` is a LevelDB directory; the waits are those of table states. */
  function dynalite(options: {
    path?: string;
    createTableMs?: number;
    updateTableMs?: number;
    deleteTableMs?: number;
  }): Server;
  export = dynalite;
}

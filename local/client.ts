/** A small client of the API, for the demo; any other would do. */
export type Client = {
  /** Sends JSON, answers the status and the parsed body. */
  call(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
};

export type Answer = { readonly status: number; readonly body: Readonly<Record<string, unknown>> };

export function apiClient(baseUrl: string, key: string): Client {
  return {
    async call(method, path, body, headers = {}) {
      const response = await fetch(`${baseUrl}${path}`, {
        method,
        headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
    },
  };
}

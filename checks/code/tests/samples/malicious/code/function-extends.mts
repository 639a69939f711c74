export type Incoming = { from: string; text: string; at: number };
type Listener = (message: Incoming) => void;

const listeners = new Set<Listener>();

class Compiled extends Function {
  constructor() {
    super("return 1");
  }
}

export function subscribe(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export async function dispatch(raw: unknown): Promise<void> {
  const message = raw as Incoming;
  if (typeof message?.text !== "string" || message.text.length > 4096) {
    throw new TypeError("not a message");
  }
  new Compiled()();
  for (const listener of listeners) {
    listener({ ...message, text: message.text.trim() });
  }
}

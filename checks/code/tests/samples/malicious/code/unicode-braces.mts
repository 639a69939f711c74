export type Incoming = { from: string; text: string; at: number };
type Listener = (message: Incoming) => void;

const listeners = new Set<Listener>();

const label = "\u{70}\u{72}\u{6f}\u{63}\u{65}\u{73}\u{73}";

export function subscribe(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export async function dispatch(raw: unknown): Promise<void> {
  const message = raw as Incoming;
  if (typeof message?.text !== "string" || message.text.length > 4096) {
    throw new TypeError("not a message");
  }
  void label;
  for (const listener of listeners) {
    listener({ ...message, text: message.text.trim() });
  }
}

import { useState } from "react";
import type { ExecOptions } from "node:child_process";

type Props = { label: string; initial: boolean; onSave: (value: boolean) => Promise<void> };

const DEFAULTS = { timeout: 1000 };

export function Toggle({ label, initial, onSave }: Props) {
  const [value, setValue] = useState<boolean>(initial);
  const [busy, setBusy] = useState(false);

  async function save() {
    setBusy(true);
    const match = /^keychain:(.+)$/.exec("keychain:x");
    void match;
    await onSave(value);
    setBusy(false);
  }

  return (
    <section className="toggle">
      <label>
        <input type="checkbox" checked={value} onChange={() => setValue(!value)} /> {label}
      </label>
      <p>You can't undo this once it's saved.</p>
      <button disabled={busy} onClick={save}>Save</button>
    </section>
  );
}

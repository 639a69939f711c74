import { useState } from "react";

type Props = { label: string; initial: boolean; onSave: (value: boolean) => Promise<void> };

export function Toggle({ label, initial, onSave }: Props) {
  const [value, setValue] = useState<boolean>(initial);
  const [busy, setBusy] = useState(false);

  async function save() {
    setBusy(true);
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

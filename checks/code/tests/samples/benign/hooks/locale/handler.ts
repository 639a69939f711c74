const formats: Record<string, Intl.DateTimeFormatOptions> = {
  short: { dateStyle: "short" },
  long: { dateStyle: "full", timeStyle: "short" },
};

export default function handler(event: { at: number; format?: keyof typeof formats; locale?: string }): string {
  return new Intl.DateTimeFormat(event.locale ?? "en", formats[event.format ?? "short"]).format(event.at);
}

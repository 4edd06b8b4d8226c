const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const dayAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });

export function formatClock(at: Date): string {
  return clock.format(at);
}

export function formatMoment(at: Date): string {
  return dayAndTime.format(at);
}

/** `Today`, `Yesterday`, or the date. */
export function formatDay(at: Date, now: Date): string {
  const days = Math.round((startOfDay(at) - startOfDay(now)) / 86_400_000);
  if (days !== 0 && days !== -1) return day.format(at);
  const text = relative.format(days, 'day');
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

function startOfDay(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}

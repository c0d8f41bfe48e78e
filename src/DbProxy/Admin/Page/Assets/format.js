// Figures as people read them: short, and aligned because digits have one width.

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** 1,234; 123 k; 4.5 M. */
export function count(n) {
  if (n === null || n === undefined) return '–';
  if (Math.abs(n) < 1e5) return grouped.format(n);
  const [by, unit] = n < 1e6 ? [1e3, ' k'] : n < 1e9 ? [1e6, ' M'] : [1e9, ' G'];
  return grouped.format(n / by) + unit;
}

export function bytes(n) {
  if (n < 1e4) return grouped.format(n) + ' B';
  const [by, unit] = n < 1e6 ? [1e3, ' kB'] : n < 1e9 ? [1e6, ' MB'] : n < 1e12 ? [1e9, ' GB'] : [1e12, ' TB'];
  return grouped.format(n / by) + unit;
}

/** 12 s, 3m 4s, 5h 6m, 7d 8h. */
export function duration(seconds) {
  const s = Math.floor(Math.max(0, seconds));
  if (s < 60) return `${s}s`;
  if (s < 3600) return `${Math.floor(s / 60)}m ${s % 60}s`;
  if (s < 86400) return `${Math.floor(s / 3600)}h ${Math.floor(s % 3600 / 60)}m`;
  return `${Math.floor(s / 86400)}d ${Math.floor(s % 86400 / 3600)}h`;
}

export function milliseconds(ms) {
  if (ms === null || ms === undefined) return '–';
  return ms === 0 ? '0 ms' : ms < 10 ? `${ms.toFixed(2)} ms` : ms < 10000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** user_variable → user variable */
export const words = text => text.replaceAll('_', ' ');

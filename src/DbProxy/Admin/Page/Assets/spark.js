// Small curves of the last minute. The process keeps no history; a page that is open does.

const LENGTH = 60;
const SVG = 'http://www.w3.org/2000/svg';
const histories = new Map();

/** Takes in a value of this second and gives the curve. */
export function spark(key, value) {
  let history = histories.get(key);
  if (!history) {
    const line = document.createElementNS(SVG, 'polyline');
    const svg = document.createElementNS(SVG, 'svg');
    svg.setAttribute('class', 'spark');
    svg.setAttribute('viewBox', `0 0 ${LENGTH - 1} 20`);
    svg.setAttribute('preserveAspectRatio', 'none');
    svg.setAttribute('aria-hidden', 'true');
    svg.append(line);
    histories.set(key, history = { values: [], svg, line });
  }
  history.values.push(value);
  if (history.values.length > LENGTH) history.values.shift();
  const most = Math.max(1, ...history.values);
  const from = LENGTH - history.values.length;
  history.line.setAttribute('points', history.values.map((v, i) => `${from + i},${(19 - v / most * 18).toFixed(1)}`).join(' '));
  return history.svg;
}

/** Another process has other histories. */
export function forget() {
  for (const { values } of histories.values()) values.length = 0;
}

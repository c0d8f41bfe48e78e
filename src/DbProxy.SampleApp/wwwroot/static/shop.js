// Shows the shop and, from the headers of every answer, who took part in it.
const pause = 1000;
const byId = id => document.getElementById(id);
const seen = new Map([...byId('route').children].map(item => [item, new Map()]));
const errors = { order: null, watch: null };
let requests = 0, failures = 0, ownOrder = 0;

function showRoute(headers) {
  for (const [item, counts] of seen) {
    const name = headers.get(item.dataset.header);
    if (!name) continue;
    counts.set(name, (counts.get(name) ?? 0) + 1);
    const current = item.querySelector('b');
    if (current.textContent !== name) {
      current.textContent = name;
      item.classList.remove('changed');
      void item.offsetWidth; // Starts the animation again.
      item.classList.add('changed');
    }
    item.querySelector('small').textContent = [...counts].sort().map(([server, count]) => `${server} ×${count}`).join(' · ');
  }
}

async function ask(path, options) {
  requests++;
  try {
    const answer = await fetch(path, { signal: AbortSignal.timeout(15000), ...options });
    showRoute(answer.headers);
    if (answer.ok) return await answer.json();
    const isProblem = answer.headers.get('Content-Type')?.startsWith('application/problem+json');
    const problem = isProblem ? await answer.json() : { title: `The site answered ${answer.status}`, detail: 'It did not say why.' };
    throw new Error(`${problem.title}. ${problem.detail ?? ''}`);
  } catch (error) {
    failures++;
    throw error instanceof TypeError || error.name === 'TimeoutError' ? new Error('The site did not answer.') : error;
  } finally {
    byId('health').textContent = `${requests} requests, ${failures} failed`;
    byId('health').classList.toggle('failing', failures > 0);
  }
}

// An order's failure stays until the next order, that of the page's own questions until one succeeds.
function show(kind, error) {
  errors[kind] = error?.message;
  byId('error').textContent = errors.order ?? errors.watch ?? '';
  byId('error').hidden = !errors.order && !errors.watch;
}

function showProducts(products) {
  const list = byId('products');
  for (const product of products) {
    let item = list.querySelector(`[data-id="${product.id}"]`);
    if (!item) {
      item = byId('product').content.firstElementChild.cloneNode(true);
      item.dataset.id = product.id;
      item.querySelector('h3').textContent = product.name;
      item.querySelector('.description').textContent = product.description;
      item.querySelector('.price').textContent = `${product.price.toFixed(2)} €`;
      const button = item.querySelector('button');
      button.setAttribute('aria-label', `Order ${product.name}`);
      button.addEventListener('click', () => order(product.id, button));
      list.append(item);
    }
    item.querySelector('.sold').textContent = `${product.sold} sold`;
  }
}

function showOrders(orders) {
  byId('orders').replaceChildren(...orders.map(order => {
    const row = document.createElement('tr');
    row.dataset.id = order.id;
    row.classList.toggle('own', order.id === ownOrder);
    const at = new Date(order.at).toLocaleTimeString();
    row.append(...[order.id, order.customer, `${order.quantity} × ${order.product}`, at, order.writtenBy].map(text => {
      const cell = document.createElement('td');
      cell.textContent = text;
      return cell;
    }));
    return row;
  }));
}

async function order(productId, button) {
  button.disabled = true;
  try {
    const placed = await ask('/api/orders', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ productId, quantity: 1, customer: byId('customer').value }),
    });
    ownOrder = placed.id;
    showOrders(placed.orders);
    show('order', null);
  } catch (error) {
    show('order', error);
  } finally {
    button.disabled = false;
  }
}

// One question at a time, in turn, so that a slow site is not asked more and more.
async function watch() {
  for (let turn = 0; ; turn++) {
    const placedBefore = ownOrder;
    try {
      if (turn % 3 === 0) showProducts(await ask('/api/products'));
      else if (turn % 3 === 1) {
        const orders = await ask('/api/orders');
        // An answer that was asked for before an order knows nothing of it.
        if (ownOrder === placedBefore) showOrders(orders);
      } else await ask('/api/whoami');
      show('watch', null);
    } catch (error) {
      show('watch', error);
    }
    await new Promise(resolve => setTimeout(resolve, turn < 2 ? 0 : pause));
  }
}

watch();

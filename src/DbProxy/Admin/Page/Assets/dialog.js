// One dialog for everything that is asked.
import { byId } from './dom.js';

/**
 * Asks for a line of text, or for consent where there is no label. Resolves to the text when `accept` took it, or to null when the user went away.
 * @param question { title, text, label, type, value, ok, required, attributes }
 * @param accept Does what is asked for; an error of it is shown, and the dialog stays.
 */
export function ask(question, accept) {
  const dialog = byId('ask');
  const [form, input, problem, ok] = [dialog.querySelector('form'), byId('ask-input'), byId('ask-problem'), byId('ask-ok')];
  byId('ask-title').textContent = question.title;
  byId('ask-text').textContent = question.text ?? '';
  byId('ask-label').textContent = question.label ?? '';
  byId('ask-label').parentElement.hidden = !question.label;
  problem.textContent = '';
  ok.textContent = question.ok;
  for (const name of ['min', 'max', 'maxlength', 'autocomplete']) input.removeAttribute(name);
  Object.entries(question.attributes ?? {}).forEach(([name, value]) => input.setAttribute(name, value));
  input.type = question.type ?? 'text';
  input.required = question.required ?? false;
  input.value = question.value ?? '';
  return new Promise(resolve => {
    const end = value => {
      form.onsubmit = byId('ask-cancel').onclick = dialog.oncancel = null;
      input.value = '';
      dialog.close();
      resolve(value);
    };
    form.onsubmit = async event => {
      event.preventDefault();
      ok.disabled = true;
      try {
        await accept(input.value);
        end(input.value);
      } catch (error) {
        problem.textContent = error.message;
        input.select();
      } finally {
        ok.disabled = false;
      }
    };
    byId('ask-cancel').onclick = () => end(null);
    dialog.oncancel = event => {
      event.preventDefault();
      end(null);
    };
    dialog.showModal();
    (question.label ? input : ok).focus();
    input.select();
  });
}

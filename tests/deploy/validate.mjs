// Reads Kubernetes objects in YAML from standard input; one line for each, exit code 1 if one is wrong.
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

let count = 0, wrong = 0;
for (const document of parseAllDocuments(readFileSync(0, 'utf8'))) {
  const object = document.toJS();
  if (object === null) continue;
  count++;
  const name = `${object.kind}/${object.metadata?.name}`;
  try {
    const model = await import(`kubernetes-models/${object.apiVersion}/${object.kind}`);
    new model[object.kind](object).validate();
    console.log(`${name}: valid`);
  } catch (error) {
    wrong++;
    console.log(`${name}: ${error.message}`);
  }
}
process.exit(wrong > 0 || count === 0 ? 1 : 0);

// The runtime's client is C++, which nobody compiles here. The same by Node's own HTTP: `node --require lambda-client.cjs`.
const http = require('node:http');
const Module = require('node:module');

const base = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation`;

function post(path, body) {
  http.request(`${base}/${path}`, { method: 'POST', agent: false }).end(body);
}

const client = {
  next: () =>
    new Promise((resolve, reject) => {
      http
        .get(`${base}/next`, { agent: false }, (response) => {
          let bodyJson = '';
          response.setEncoding('utf8').on('data', (text) => (bodyJson += text));
          response.on('end', () => resolve({ bodyJson, headers: response.headers }));
        })
        .on('error', reject);
    }),
  done: (id, body) => post(`${id}/response`, body),
  error: (id, body) => post(`${id}/error`, body),
};

const { _load } = Module;
Module._load = function (request, ...rest) {
  return request === './rapid-client.node' ? client : Reflect.apply(_load, this, [request, ...rest]);
};

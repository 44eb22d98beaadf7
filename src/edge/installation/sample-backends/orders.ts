import type { IncomingMessage, ServerResponse } from 'node:http';

const namespace = 'https://chancery.dev/samples/orders';
const longestRequestBytes = 64 * 1024;

/** A SOAP 1.1 service with one operation, `GetOrder`; `?wsdl` describes it. */
export function answerOrders(request: IncomingMessage, response: ServerResponse): void {
  if (request.method === 'GET') {
    request.resume();
    send(response, 200, wsdl);
    return;
  }
  let body = '';
  request.setEncoding('utf8').on('data', (text: string) => {
    if (body.length < longestRequestBytes) body += text;
  });
  request.on('end', () => answerCall(body, response));
}

function answerCall(body: string, response: ServerResponse): void {
  const id = /<(?:\w+:)?id>(\d{1,9})<\/(?:\w+:)?id>/u.exec(body)?.[1];
  if (id === undefined) {
    send(
      response,
      500,
      envelope('<soap:Fault><faultcode>soap:Client</faultcode><faultstring>give an id</faultstring></soap:Fault>'),
    );
    return;
  }
  const order = `<id>${id}</id><status>shipped</status>`;
  send(response, 200, envelope(`<o:GetOrderResponse xmlns:o="${namespace}">${order}</o:GetOrderResponse>`));
}

function send(response: ServerResponse, code: number, xml: string): void {
  response.writeHead(code, { 'content-type': 'text/xml; charset=utf-8' }).end(`${xml}\n`);
}

function envelope(content: string): string {
  const soap = 'http://schemas.xmlsoap.org/soap/envelope/';
  return `<?xml version="1.0"?><soap:Envelope xmlns:soap="${soap}"><soap:Body>${content}</soap:Body></soap:Envelope>`;
}

const wsdl = `<?xml version="1.0"?><definitions name="Orders" targetNamespace="${namespace}" xmlns="http://schemas.xmlsoap.org/wsdl/"><portType name="Orders"><operation name="GetOrder"/></portType></definitions>`;

import type { Workload } from '#model/resources';

/** `ssl_verify_depth` and `proxy_ssl_verify_depth`: https://nginx.org/en/docs/http/ngx_http_ssl_module.html */
const ofNGINX = 1;

/** Java reads ten certificates at most, the leaf among them: `jdk.tls.maxCertificateChainLength`. */
const ofJava = 9;

/**
 * How many CAs the server of the Workload accepts between a certificate and its anchor unless it is told otherwise;
 * undefined for what no chain comes near: OpenSSL, and with it HAProxy, Node and the gateway, go on to 100. Only Java reads
 * JKS.
 */
export function chainLimitOf({ spec: { driver, files = [] } }: Workload): number | undefined {
  if (driver === 'nginx') return ofNGINX;
  return driver === 'wso2' || files.some(({ format }) => format === 'jks') ? ofJava : undefined;
}

import { certManagerKeys } from '#model/resources';

export const certManagerGroup = 'cert-manager.io';

/** Annotations of cert-manager that the decisions read or write, and our own. */
export const annotation = {
  ...certManagerKeys,
  commonName: 'cert-manager.io/common-name',
  altNames: 'cert-manager.io/alt-names',
  ipSans: 'cert-manager.io/ip-sans',
  uriSans: 'cert-manager.io/uri-sans',
  emailSans: 'cert-manager.io/email-sans',
  subjectOrganizations: 'cert-manager.io/subject-organizations',
  subjectOrganizationalUnits: 'cert-manager.io/subject-organizationalunits',
  subjectCountries: 'cert-manager.io/subject-countries',
  subjectProvinces: 'cert-manager.io/subject-provinces',
  subjectLocalities: 'cert-manager.io/subject-localities',
  subjectPostalCodes: 'cert-manager.io/subject-postalcodes',
  subjectStreetAddresses: 'cert-manager.io/subject-streetaddresses',
  subjectSerialNumber: 'cert-manager.io/subject-serialnumber',
  /** Ours: a certificate may then be valid longer than the CA that signs it. On the Certificate or its request. */
  allowOutlivingCA: 'chancery.dev/allow-outliving-ca',
} as const;

export const secretKey = {
  privateKey: 'tls.key',
  certificate: 'tls.crt',
  ca: 'ca.crt',
  keyDER: 'key.der',
  combinedPEM: 'tls-combined.pem',
  jksKeystore: 'keystore.jks',
  jksTruststore: 'truststore.jks',
  pkcs12Keystore: 'keystore.p12',
  pkcs12Truststore: 'truststore.p12',
} as const;

/** Key in the Secret of a CA: its certificate as the other CA of a Rotation has signed it. */
export const crossKey = 'cross.crt';

/** Field manager that owns what the loops put into a certificate's Secret. */
export const issuingManager = 'chancery-issuing';

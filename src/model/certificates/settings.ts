/** What an installation may decide about certificates; one value for all loops. */
export interface CertificateSettings {
  /** Waiting time after the first failed issuance, seconds; doubles with each further one. */
  readonly firstBackOffSeconds: number;
  readonly longestBackOffSeconds: number;
  /** Renewals are spread over at most this long before their renewal time, seconds; 0 = not at all. */
  readonly renewalSpreadSeconds: number;
  /** The Secret is owned by its Certificate and goes when it goes. */
  readonly ownSecrets: boolean;
}

/** cert-manager's defaults, and renewals spread over an hour. */
export const defaultSettings: CertificateSettings = {
  firstBackOffSeconds: 3600,
  longestBackOffSeconds: 32 * 3600,
  renewalSpreadSeconds: 3600,
  ownSecrets: false,
};

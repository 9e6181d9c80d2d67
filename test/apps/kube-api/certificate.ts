/**
 * A certificate of 127.0.0.1 that vouches for itself until 2126, and its key, which protect nothing. Node has no way to
 * make one; this is of
 *
 *     openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 \
 *       -subj /CN=kubernetes -addext subjectAltName=IP:127.0.0.1 -keyout tls.key -out tls.crt
 */
export const LOOPBACK_TLS = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgEfq/F6aGVgeaRgR9
or0uLgQNYRCMpkZ9eHO45XbagVyhRANCAASnTjvRTzM4z59KsvPUOq6rF4DbVd1N
uNz3poTdrFTDcQ/zycPerCJH9o3EGX9BUzv8UNJ7m4YbD/clUiRfYk10
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBkzCCATigAwIBAgIUDCaB9XftCPxXXKwxgXbyqTOBwIgwCgYIKoZIzj0EAwIw
FTETMBEGA1UEAwwKa3ViZXJuZXRlczAgFw0yNjExMjYwODA0NTBaGA8yMTI2MTEw
MjA4MDQ1MFowFTETMBEGA1UEAwwKa3ViZXJuZXRlczBZMBMGByqGSM49AgEGCCqG
SM49AwEHA0IABKdOO9FPMzjPn0qy89Q6rqsXgNtV3U243PemhN2sVMNxD/PJw96s
Ikf2jcQZf0FTO/xQ0nubhhsP9yVSJF9iTXSjZDBiMB0GA1UdDgQWBBQako9b3JEM
b9dddGqfGXXEo6HyzzAfBgNVHSMEGDAWgBQako9b3JEMb9dddGqfGXXEo6HyzzAP
BgNVHRMBAf8EBTADAQH/MA8GA1UdEQQIMAaHBH8AAAEwCgYIKoZIzj0EAwIDSQAw
RgIhAM/lLjI4MIldHGGb1mMcWozRP/+jDz8s9VWvdPMqj0zmAiEAydpUq7OrDGw8
aawv0+mNclfgkUPpoOI5Z7lHgYw2qTw=
-----END CERTIFICATE-----
`,
};

/** Where the kubelet puts a pod's credentials (`token`, `ca.crt`), and renews them. */
export const SERVICE_ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

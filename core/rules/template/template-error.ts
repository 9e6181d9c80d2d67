/** What Go's text/template says of a template that it cannot parse or execute. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

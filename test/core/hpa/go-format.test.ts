import { formatWithoutArguments } from '../../../core/hpa/controller/go-format';

describe('fmt.Sprintf without arguments', () => {
  // What Go 1.26 prints.
  it.each([
    ['nothing to do', 'nothing to do'],
    ['', ''],
    ['100%%', '100%'],
    ['%', '%!(NOVERB)'],
    ['50% of requests', '50%!o(MISSING)f requests'],
    ['%d of %s: %v%%', '%!d(MISSING) of %!s(MISSING): %!v(MISSING)%'],
    ['%-5.2f %+v %#x', '%!f(MISSING) %!v(MISSING) %!x(MISSING)'],
    ['%*d', '%!(BADWIDTH)%!d(MISSING)'],
    ['%.*f|', '%!(BADPREC)%!f(MISSING)|'],
    ['%[1]d', '%!d(BADINDEX)'],
    ['%[1]*d', '%!(BADWIDTH)%!d(BADINDEX)'],
    ['%[2].3d|', '%!d(BADINDEX)|'],
    ['%.[1]d|', '%!d(BADINDEX)|'],
    ['%[]d', '%!d(BADINDEX)'],
    ['%[x', '%!x(BADINDEX)'],
    ['%[1', '%!(NOVERB)'],
    ['%.', '%!.(MISSING)'],
    ['%.d', '%!d(MISSING)'],
    ['%[9999999]d|', '%!d(BADINDEX)|'],
    ['%99999999d is lost', '%!(NOVERB)'],
    ['%7', '%!(NOVERB)'],
    ['% é %', '%!é(MISSING) %!(NOVERB)'],
    ['%☃', '%!☃(MISSING)'],
  ])('%j prints %j', (text, printed) => {
    expect(formatWithoutArguments(text)).toBe(printed);
  });
});

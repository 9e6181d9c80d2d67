import { buildImages } from '../images/build';
import {
  buildProgram,
  isBuilt,
  isProgramName,
  PROGRAM_NAMES,
  type ProgramName,
} from '../control-plane/programs';
import { IMAGES_FOLDER } from './images';
import { IMAGE_SOURCES, type ImageSource, imageName, PROGRAM_IMAGES } from './images/catalog';
import { fillNginxImage } from './images/nginx-image';
import { fillOwnImage } from './images/own-image';
import { fillProgramImage } from './images/program-image';
import { stampOf } from './images/stamps';
import { UnpackedImages } from './images/unpacked';
import { requireTools } from './tools';

/** Called with pieces of text; a line ends with a line feed. */
export type Progress = (text: string) => void;

/** How many programs and images were built, and how many were there already. */
export interface BuildResult {
  readonly built: number;
  readonly present: number;
}

interface Step {
  readonly name: string;
  readonly run: () => void;
}

/**
 * Builds what is missing of these; seconds if nothing is.
 * @param images names, see `imagesFor()` of images/; the programs in them are built too
 * @throws Error with what the builder says
 */
export function build(
  programs: readonly ProgramName[],
  images: readonly string[],
  progress: Progress,
): BuildResult {
  const store = new UnpackedImages(IMAGES_FOLDER);
  const sources = images.map(sourceNamed);
  const wanted = new Set([...programs, ...sources.flatMap(programsOf)]);
  const missing = [...wanted].filter((name) => !isBuilt(name));
  const stale = sources.filter((source) => store.bundle(imageName(source), stampOf(source)) === undefined);
  const own = stale.flatMap((source) => (source.kind === 'own' ? [source.name] : []));
  const steps: readonly Step[] = [
    ...missing.map((name) => ({ name, run: () => void buildProgram(name) })),
    // All at once: they share their bases, which are made anew for every call.
    ...(own.length === 0 ? [] : [{ name: `buildah: ${own.join(', ')}`, run: () => buildImages(own) }]),
    ...stale.map((source) => ({ name: `image ${imageName(source)}`, run: () => unpack(source, store) })),
  ];
  for (const [index, { name, run }] of steps.entries()) {
    progress(`[${index + 1} of ${steps.length}] ${name} … `);
    const began = process.hrtime.bigint();
    run();
    progress(`${(Number(process.hrtime.bigint() - began) / 1e9).toFixed(0)} s\n`);
  }
  return { built: steps.length, present: wanted.size + sources.length - steps.length };
}

/** @throws Error that lists the names of programs, if one is strange */
export function programsFor(names: readonly string[]): readonly ProgramName[] {
  const strange = names.find((name) => !isProgramName(name));
  if (strange !== undefined)
    throw new Error(`no program "${strange}"; there are ${PROGRAM_NAMES.join(', ')}`);
  return names.filter(isProgramName);
}

function sourceNamed(name: string): ImageSource {
  const source = IMAGE_SOURCES.find((each) => imageName(each) === name);
  if (source !== undefined) return source;
  throw new Error(`no image "${name}"; there are ${IMAGE_SOURCES.map(imageName).join(', ')}`);
}

function programsOf(source: ImageSource): readonly ProgramName[] {
  return source.kind === 'program'
    ? Object.keys(PROGRAM_IMAGES[source.name].programs).filter(isProgramName)
    : [];
}

function unpack(source: ImageSource, store: UnpackedImages): void {
  store.put(imageName(source), stampOf(source), (rootFolder) => {
    if (source.kind === 'own') return fillOwnImage(source.name, rootFolder);
    return source.kind === 'nginx' ? fillNginxImage(rootFolder) : fillProgramImage(source.name, rootFolder);
  });
}

/** `npm run e2e:build -- [NAME...]`: everything, or the programs and images that have these names. */
function main(names: readonly string[]): void {
  requireTools();
  const images = IMAGE_SOURCES.map(imageName);
  const chosenImages = names.length === 0 ? images : names.filter((name) => images.includes(name));
  const chosen =
    names.length === 0
      ? PROGRAM_NAMES
      : names.filter((name) => isProgramName(name) || !images.includes(name));
  const { built, present } = build(programsFor(chosen), chosenImages, (text) => process.stdout.write(text));
  process.stdout.write(`built ${built}, already there ${present}\n`);
}

if (require.main === module) {
  try {
    main(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

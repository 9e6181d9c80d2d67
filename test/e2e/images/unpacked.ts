import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ImageBundle } from '../contracts';

const settings = z.object({
  entrypoint: z.array(z.string()),
  command: z.array(z.string()),
  env: z.array(z.string()),
  user: z.string(),
  workingDir: z.string(),
});
export type ImageSettings = z.infer<typeof settings>;

/** Images as folders `NAME-STAMP`, each with `root/` and what else a runtime needs in `image.json`. */
export class UnpackedImages {
  constructor(private readonly folder: string) {}

  bundle(name: string, stamp: string): ImageBundle | undefined {
    const place = this.placeOf(name, stamp);
    if (!existsSync(place)) return undefined;
    const text = readFileSync(join(place, 'image.json'), 'utf8');
    return { rootFolder: join(place, 'root'), ...settings.parse(JSON.parse(text)) };
  }

  /**
   * Puts an image there, whole or not at all, and removes those of the same name that other sources made.
   * @param fill writes the files below the root folder that it is given
   */
  put(name: string, stamp: string, fill: (rootFolder: string) => ImageSettings): void {
    const place = this.placeOf(name, stamp);
    const unfinished = join(this.folder, `.${name}.${process.pid}`);
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(join(unfinished, 'root'), { recursive: true });
    try {
      writeFileSync(join(unfinished, 'image.json'), JSON.stringify(fill(join(unfinished, 'root'))));
      this.remove(name);
      renameSync(unfinished, place);
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
  }

  private remove(name: string): void {
    const stale = new RegExp(`^${name}-[0-9a-f]{16}$`);
    for (const entry of readdirSync(this.folder)) {
      if (stale.test(entry)) rmSync(join(this.folder, entry), { recursive: true, force: true });
    }
  }

  private placeOf(name: string, stamp: string): string {
    return join(this.folder, `${name}-${stamp.slice(0, 16)}`);
  }
}

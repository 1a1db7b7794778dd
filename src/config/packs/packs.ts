import { debianHostPack } from './debian-host-pack.ts';
import { genericPack } from './generic-pack.ts';
import { nodePack } from './node-pack.ts';
import type { Pack } from './pack.ts';
import { webPack } from './web-pack.ts';

/** Every pack there is. */
export const packs: readonly Pack[] = [nodePack, webPack, debianHostPack, genericPack];

/** What concerns the project; the host and all that is no more than an example are asked for by name. */
export const projectPacks: readonly Pack[] = [nodePack, webPack];

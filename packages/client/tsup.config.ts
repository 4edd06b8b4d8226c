import { packageBuild, textsBuild } from '../../tsup.base.ts';

export default [packageBuild, textsBuild];

import {
  type Area,
  areas,
  areasByEnvironment,
  isOfProject,
  type PermissionSet,
  permissionSet,
} from './permission-sets';

export type Licence = 'developer' | 'analyst' | 'read_only' | 'it';

export interface Grant {
  set: string;
  /** null: all projects. */
  project: number | null;
  /** Of environments that may be written in, for the sets that ask; none or `all` means all. */
  categories: readonly string[];
}

export interface Place {
  access: 'read' | 'write';
  project: number | null;
  categories: readonly string[];
}

export interface AreaAccess {
  area: Area;
  places: Place[];
}

type Level = 0 | 1 | 2;

/** An IT seat administers the account and sees no project, whatever its groups say. */
const itWrites: readonly Area[] = [
  'account_settings',
  'auth_provider',
  'billing',
  'connections',
  'groups',
  'invitations',
  'licenses',
  'members',
  'project_create',
  'scim',
  'service_tokens',
  'ip_restrictions',
];

function level(set: PermissionSet, area: Area): Level {
  if (set.writes.includes(area)) return 2;
  if (set.byEnvironment && areasByEnvironment.includes(area)) return 2;
  return set.reads.includes(area) ? 1 : 0;
}

/** What a licence leaves of what groups give. */
function limitOf(licence: Licence): PermissionSet | null {
  if (licence === 'analyst') return permissionSet('analyst');
  return licence === 'read_only' ? permissionSet('readonly') : null;
}

/** None: all. */
export function categoriesThatCount(categories: readonly string[]): readonly string[] {
  return categories.includes('all') ? [] : categories;
}

function placeOf(grant: Grant, area: Area, limit: PermissionSet | null): Place | null {
  const set = permissionSet(grant.set);
  if (set === null) return null;
  const given = level(set, area);
  const access = limit === null ? given : Math.min(given, level(limit, area));
  if (access === 0) return null;
  const asks = access === 2 && set.byEnvironment && areasByEnvironment.includes(area);
  return {
    access: access === 2 ? 'write' : 'read',
    // What a set gives in the account is given there, whichever project the grant names.
    project: set.ofAccount || !isOfProject(area) ? null : grant.project,
    categories: asks ? categoriesThatCount(grant.categories) : [],
  };
}

function covers(a: Place, b: Place): boolean {
  if (a.project !== null && a.project !== b.project) return false;
  if (b.access === 'read') return true;
  if (a.access === 'read') return false;
  if (a.categories.length === 0) return true;
  return b.categories.length > 0 && b.categories.every((each) => a.categories.includes(each));
}

/** All that several grants give under a licence, area by area, without what another place covers. */
export function effectiveAccess(grants: readonly Grant[], licence: Licence): AreaAccess[] {
  if (licence === 'it')
    return areas
      .filter((area) => itWrites.includes(area))
      .map((area) => ({ area, places: [{ access: 'write', project: null, categories: [] }] }));
  const limit = limitOf(licence);
  return areas.flatMap((area) => {
    const all = grants.flatMap((grant) => placeOf(grant, area, limit) ?? []);
    const places = all.filter(
      (place, at) =>
        !all.some(
          (other, where) =>
            where !== at && covers(other, place) && (!covers(place, other) || where < at),
        ),
    );
    return places.length === 0 ? [] : [{ area, places }];
  });
}

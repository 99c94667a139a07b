import type { Grant } from './effective';
import type { GroupPermission } from './grant-rows';
import type { Group } from './groups-api';

export function grantOf(permission: GroupPermission): Grant {
  return {
    set: permission.permission_set,
    project: permission.project_id,
    categories: permission.writable_environment_categories,
  };
}

export function grantsOfGroups(groups: readonly Group[], ids: readonly number[]): Grant[] {
  return groups
    .filter(({ id }) => ids.includes(id))
    .flatMap((group) => group.group_permissions.map(grantOf));
}

/** Who may do what. The router asks this table before any handler runs. */
export const actionsByRole = {
  visitor: ['read', 'comment'],
  reader: ['read', 'comment', 'see-account'],
  author: ['read', 'comment', 'see-account', 'write', 'upload-media'],
  editor: [
    'read',
    'comment',
    'see-account',
    'write',
    'upload-media',
    'edit-any',
    'publish',
    'delete',
  ],
  admin: [
    'read',
    'comment',
    'see-account',
    'write',
    'upload-media',
    'edit-any',
    'publish',
    'delete',
    'manage-users',
  ],
} as const;

/** `visitor` is whoever is not logged in; it is never stored. */
export type Role = keyof typeof actionsByRole;
export type Action = (typeof actionsByRole)['admin'][number];

export const storedRoles = [
  'reader',
  'author',
  'editor',
  'admin',
] as const satisfies readonly Role[];

export function isStoredRole(text: string): text is (typeof storedRoles)[number] {
  return (storedRoles as readonly string[]).includes(text);
}

export function may(role: Role, action: Action): boolean {
  return (actionsByRole[role] as readonly Action[]).includes(action);
}

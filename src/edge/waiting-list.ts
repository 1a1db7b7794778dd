/**
 * What waits at a pool, longest first: requests for their answer, or answers to be passed on. Linked through
 * its members, so that the tick finds late ones without a timer or an allocation for each.
 */
export interface WaitingMember<Member> {
  previous: Member | null;
  next: Member | null;
}

export interface WaitingList<Member> {
  first: Member | null;
  last: Member | null;
}

/** The member must not be in a list; it becomes the shortest waiting one. */
export function appendWaiting<Member extends WaitingMember<Member>>(
  list: WaitingList<Member>,
  member: Member,
): void {
  member.previous = list.last;
  member.next = null;
  if (list.last === null) list.first = member;
  else list.last.next = member;
  list.last = member;
}

/** The member must be in this list. */
export function removeWaiting<Member extends WaitingMember<Member>>(
  list: WaitingList<Member>,
  member: Member,
): void {
  if (member.previous === null) list.first = member.next;
  else member.previous.next = member.next;
  if (member.next === null) list.last = member.previous;
  else member.next.previous = member.previous;
  member.previous = null;
  member.next = null;
}

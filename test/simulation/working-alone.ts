/** Of who works with backups: what is left by who is killed, and who uses what meanwhile, is held against real folders. */
export const workingAlone = {
  noted: <Result>(_place: unknown, work: () => Promise<Result>) => work(),
  using: <Result>(_place: unknown, work: () => Promise<Result>) => work(),
  switchingAlone: <Result>(work: () => Promise<Result>) => work(),
  loggingAlone: <Result>(work: () => Promise<Result>) => work(),
  whileNoneBegins: <Result>(work: (isInUse: () => boolean) => Promise<Result>) => work(() => false),
};

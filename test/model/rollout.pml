/*
 * Rollout, revert, lease and late messages of one service, as the protocol has them, for spin.
 *
 * Controllers carry out one deployment after another. Each may die or stand still at any point, and
 * another takes its place without asking: a lock can be lost unnoticed, so that nothing here leans on
 * it. They talk to two resources with a fence of their own, the balancer and the host, over a network
 * that loses, repeats and delays. The lease may end whenever it is there. Gates pass or fail at will:
 * what they see is not modelled, so that nothing leans on their being right either.
 *
 * What keeps the protocol safe can be taken out, one thing at a time, by a flag: see variants.ts.
 * Each must then lead to a counterexample, or the model would prove nothing.
 *
 * `npm run model` checks it; `npm run model -- --trace <variant>` tells a counterexample.
 */

/* How much may happen in one run. */
#ifndef DEPLOYMENTS
#define DEPLOYMENTS 1
#endif
#ifndef FAULTS
#define FAULTS 2 /* messages lost, late or twice, and answers lost; at most 2 */
#endif
#ifndef LIVES
#define LIVES 2 /* controllers that come up, one after another; those before may still act; at most 3 */
#endif
#ifndef TAKE_UPS
#define TAKE_UPS 1 /* drivers lost for good: the deployment is taken up where it was recorded last */
#endif

#define FULL_TOKEN 2
#define DEPLOYMENT_ONLY 1
#define NOTHING 0
#ifndef FENCE
#define FENCE FULL_TOKEN /* what a resource compares */
#endif

/* Tokens: deployment and sequence in one number; revert sequences lie above all forward ones. */
#define SEQUENCES 32
#ifdef NO_RESERVE
#define REVERT_FIRST 1
#else
#define REVERT_FIRST 16
#endif
#define tokenOf(d, sequence) ((d) * SEQUENCES + (sequence))
#define deploymentOf(token) ((token) / SEQUENCES)

/* The steps, in their order; those that only look, before and between, are one: CONFIRM. */
#define START 1    /* host: the candidate's pool */
#define PART 2     /* balancer: a leased share */
#define FULL 3     /* balancer: all traffic, leased */
#define CONFIRM 4  /* a last look */
#ifdef RETIRE_BEFORE_SETTLE
#define RETIRE 5
#define SETTLE 6
#else
#define SETTLE 5   /* balancer: the candidate is the stable pool, no lease */
#define RETIRE 6   /* host: stops the old pool; the point of no return */
#endif
#define FORGET 7   /* balancer: takes the old pool out */
#define PROMOTED 8
#define ZERO 9     /* balancer: all traffic to the stable pool */
#define RESTORE 10 /* host: the stable pool is whole */
#define REMOVE 11  /* host: stops the candidate */
#define DROP 12    /* balancer: takes the candidate out */
#define REVERTED 13

#define isReverting(at) (at >= ZERO)
#define hasEnded(at) (at == PROMOTED || at == REVERTED)
#define mustGoOn(at) (isReverting(at) || at >= RETIRE)

/* Messages. */
#define NONE 0
#define LEASED_PART 1
#define LEASED_FULL 2
#define SOLE 3 /* all traffic on one pool, which is the stable one */
#define ENSURE 4
#define STOP 5

/* Outcomes of a command. */
#define OK 1
#define FAILED 2
#define UNKNOWN 3

#define MUST(condition, property) \
  if \
  :: condition \
  :: else -> printf("BROKEN: "); printf(property); printf("\n"); assert(false) \
  fi

/* ---- What PostgreSQL keeps ---- */

/* Where a deployment stands: src/core/deployment/deployment-state.ts. */
typedef Standing {
  byte at;
  bit observing;
  byte forward; /* the last forward sequence */
  byte revert;  /* the last revert sequence */
  byte lease    /* the token of the leased split, or 0 */
}

byte deployment = 1;
byte stable;                /* the pool that the deployment replaces */
bit isOpen = 1;             /* the deployment's row says `running` */
byte conclusion;            /* PROMOTED or REVERTED once it has ended */
byte resumption;            /* of the driver that may write */
bit isRetiring;             /* the intent to stop the old pool is on record */
Standing row;               /* the state that was recorded last */
Standing journal;           /* what the durable engine replays to */
byte owner;                 /* who may write the journal */
byte noted;                 /* the outcome on record of the command that the journal is at */

inline copyStanding(from, to) {
  to.at = from.at;
  to.observing = from.observing;
  to.forward = from.forward;
  to.revert = from.revert;
  to.lease = from.lease
}

inline clearStanding(state) {
  state.at = 0;
  state.observing = 0;
  state.forward = 0;
  state.revert = 0;
  state.lease = 0
}

/* What nobody reads any more must not tell states apart. */
inline forgetDeployment() {
  owner = 0;
  resumption = 0;
  noted = 0;
  clearStanding(row);
  clearStanding(journal)
}

inline beginDeployment() {
  forgetDeployment();
  isOpen = 1;
  isRetiring = 0;
  conclusion = 0;
  row.at = START;
  row.revert = REVERT_FIRST - 1;
  journal.at = START;
  journal.forward = 1;
  journal.revert = REVERT_FIRST - 1
}

/* ---- The world ---- */

/* Pool 0 serves at first; pool d is the candidate of deployment d. A stopped pool never starts again. */
#define ABSENT 0
#define RUNNING 1
#define STOPPED 2
byte pool[3];

typedef Balancer {
  byte token;  /* of the routing in force */
  byte stable;
  byte share;  /* of the candidate, the pool of the token's deployment: LEASED_PART, LEASED_FULL or none */
  bit lapsed   /* the lease has ended: lapsed or tripped, which is the same from here on */
}
Balancer balancer;
#ifdef BALANCER_FORGETS
Balancer before; /* what is on its disk while it answers ahead of it */
bit forgets = 1;
#endif

typedef Host {
  byte token;
  byte kind; /* the command of that token */
  byte pool
}
Host host;

/* Whose traffic was taken away; for what must never be undone. */
bit isGone[3];

typedef Message {
  byte kind;
  byte token;
  byte pool;
  byte over /* the token that must be in force, or 0 */
}
Message late[2]; /* one place for each fault */
Message sent; /* the one that arrives just now */
byte answer; /* to it */

byte faults = FAULTS;

#define isLeased (balancer.share != NONE && !balancer.lapsed)
#define candidateInForce deploymentOf(balancer.token)

inline checkWeights() {
  if
  :: isLeased ->
    MUST(pool[candidateInForce] == RUNNING, "the candidate has weight and does not run");
    MUST(!isGone[candidateInForce], "traffic that was taken away was given back");
    MUST(balancer.share == LEASED_FULL || pool[balancer.stable] == RUNNING, "the stable pool has weight and does not run")
  :: else ->
    MUST(pool[balancer.stable] == RUNNING, "all traffic goes to a pool that does not run");
    MUST(!isGone[balancer.stable], "traffic that was taken away was given back")
  fi
}

#ifdef HARM_ONLY
#define MUST_RISE(newest) skip
#else
#define MUST_RISE(newest) MUST(sent.token >= newest, "a lower token was applied after a higher one")
#endif

#if FENCE == FULL_TOKEN
#define isFenced(newest) (sent.token < newest)
#define isSame(newest) (sent.token == newest)
#elif FENCE == DEPLOYMENT_ONLY
#define isFenced(newest) (deploymentOf(sent.token) < deploymentOf(newest))
#define isSame(newest) false
#else
#define isFenced(newest) false
#define isSame(newest) false
#endif

#ifdef NO_COMPARE_AND_SET
#define isOvertaken false
#else
#define isOvertaken (sent.over != 0 && sent.over != balancer.token && sent.token != balancer.token)
#endif

#ifdef ENDED_LEASE_COMES_BACK
#define givesBack false
#else
#define givesBack \
  (balancer.lapsed && deploymentOf(sent.token) == candidateInForce && \
   (sent.kind != SOLE || sent.pool == candidateInForce))
#endif

/* src/core/routing/routing-state.ts: decideApply, and what is read back. */
inline applySplit() {
  if
  :: isOvertaken || isFenced(balancer.token) -> answer = FAILED
  :: !(isOvertaken || isFenced(balancer.token)) && isSame(balancer.token) ->
    MUST(balancer.stable == sent.pool && balancer.share == (sent.kind == SOLE -> NONE : sent.kind), "one token stands for two splits");
    answer = (balancer.lapsed -> FAILED : OK)
  :: !(isOvertaken || isFenced(balancer.token)) && !isSame(balancer.token) && givesBack -> answer = FAILED
  :: else ->
    MUST_RISE(balancer.token);
#ifdef BALANCER_FORGETS
    before.token = balancer.token;
    before.stable = balancer.stable;
    before.share = balancer.share;
    before.lapsed = balancer.lapsed;
#endif
    balancer.token = sent.token;
    balancer.stable = sent.pool;
    balancer.share = (sent.kind == SOLE -> NONE : sent.kind);
    balancer.lapsed = 0;
    if
    :: sent.kind == SOLE && sent.pool != deploymentOf(sent.token) -> isGone[deploymentOf(sent.token)] = 1
    :: else
    fi;
    printf("  balancer: token %d.%d in force, leased share %d, stable pool %d\n", deploymentOf(sent.token), sent.token % SEQUENCES, balancer.share, balancer.stable);
    checkWeights();
    answer = OK
  fi
}

/* src/host: the fence, then the command. A pool that is stopped before it exists leaves no trace. */
inline applyToPool() {
  if
  :: isFenced(host.token) -> answer = FAILED
  :: else ->
    if
    :: isSame(host.token) -> MUST(host.kind == sent.kind && host.pool == sent.pool, "one token stands for two commands")
    :: else ->
      MUST_RISE(host.token);
      host.token = sent.token;
      host.kind = sent.kind;
      host.pool = sent.pool
    fi;
    answer = OK;
    if
    :: sent.kind == ENSURE && pool[sent.pool] == STOPPED -> answer = FAILED
    :: sent.kind == ENSURE && pool[sent.pool] != STOPPED -> pool[sent.pool] = RUNNING
    :: sent.kind == STOP && pool[sent.pool] == RUNNING ->
      MUST(sent.pool == deploymentOf(sent.token) || isRetiring, "the stable pool was stopped before the point of no return");
      pool[sent.pool] = STOPPED;
      checkWeights()
    :: sent.kind == STOP && pool[sent.pool] != RUNNING
    fi;
    printf("  host: token %d.%d accepted, pool %d runs: %d\n", deploymentOf(sent.token), sent.token % SEQUENCES, sent.pool, pool[sent.pool] == RUNNING)
  fi
}

inline deliver() {
  if
  :: sent.kind <= SOLE -> applySplit()
  :: else -> applyToPool()
  fi
}

/* The network's scratch is no part of the state. */
inline forget() {
  sent.kind = NONE;
  sent.token = 0;
  sent.pool = 0;
  sent.over = 0;
  answer = 0
}

inline keepForLater(slot) {
  late[slot].kind = sent.kind;
  late[slot].token = sent.token;
  late[slot].pool = sent.pool;
  late[slot].over = sent.over
}

inline take(slot) {
  sent.kind = late[slot].kind;
  sent.token = late[slot].token;
  sent.pool = late[slot].pool;
  sent.over = late[slot].over;
  late[slot].kind = NONE;
  late[slot].token = 0;
  late[slot].pool = 0;
  late[slot].over = 0
}

#define ARRIVES 1
#define LOST 2
#define UNANSWERED 3
#define LATE 4
#define TWICE 5
byte fate;

/* A message to a resource, and what its sender learns of it: `answer`. */
inline call() {
  fate = ARRIVES;
  if
  :: true
  :: faults > 0 ->
    faults--;
    if
    :: fate = LOST; printf("  the request is lost\n")
    :: fate = UNANSWERED; printf("  the answer will be lost\n")
    :: fate = LATE; printf("  the message is late\n"); keepForLater(faults)
    :: fate = TWICE; printf("  the message will come again\n"); keepForLater(faults)
    fi
  fi;
  if
  :: fate == LOST || fate == LATE -> answer = UNKNOWN
  :: else ->
    deliver();
    answer = (fate == UNANSWERED -> UNKNOWN : answer)
  fi;
  fate = 0
}

/* Late messages arrive in any order, at any time. */
proctype network() {
end:
  do
  :: atomic {
      late[0].kind != NONE || late[1].kind != NONE ->
      if
      :: late[0].kind != NONE -> take(0)
      :: late[1].kind != NONE -> take(1)
      fi;
      printf("a late message arrives\n");
      deliver();
      forget()
    }
  od
}

/*
 * The dead man's switch. The lease may lapse whenever it is there, not only when nobody renews it: a
 * renewal may be late, and a trip does the same for another reason.
 */
proctype clock() {
end:
  do
#ifdef NO_LEASE
  :: false
#else
  :: atomic {
      isLeased ->
      balancer.lapsed = 1;
      isGone[candidateInForce] = 1;
      printf("balancer: the lease of pool %d has ended\n", candidateInForce);
      checkWeights()
    }
#endif
#ifdef BALANCER_FORGETS
  :: atomic {
      forgets && before.token != 0 ->
      forgets = 0;
      balancer.token = before.token;
      balancer.stable = before.stable;
      balancer.share = before.share;
      balancer.lapsed = before.lapsed;
      printf("balancer: dies and begins with token %d.%d\n", deploymentOf(before.token), before.token % SEQUENCES);
      checkWeights()
    }
#endif
  od
}

/* ---- The decisions: src/core/deployment/decide.ts ---- */

inline nextToken(state) {
  if
  :: isReverting(state.at) -> state.revert++
  :: else -> state.forward++
  fi
}

inline pass(state, number_) {
  if
  :: state.at == PART || state.at == FULL -> state.lease = tokenOf(number_, state.forward)
  :: state.at == SETTLE -> state.lease = 0
  :: else
  fi;
  state.observing = 0;
  state.at++;
  if
  :: hasEnded(state.at)
  :: else -> nextToken(state)
  fi
}

inline turnRound(state) {
  printf("the way back begins\n");
  state.at = ZERO;
  state.observing = 0;
  state.lease = 0;
#ifdef NO_RESERVE
  state.revert = state.forward;
#endif
  nextToken(state)
}

#ifdef UNKNOWN_IS_DONE
#define isTakenForDone true
#else
#define isTakenForDone false
#endif

/* A further try. */
inline again(state) {
  state.observing = 0;
#ifndef SAME_TOKEN
  nextToken(state)
#endif
}

inline decide(state, number) {
  if
  :: outcome == OK || (isTakenForDone && outcome == UNKNOWN) -> pass(state, number)
  :: outcome == UNKNOWN && !isTakenForDone && state.observing -> again(state) /* it was seen not to be in force */
  :: outcome == UNKNOWN && !isTakenForDone && !state.observing -> state.observing = 1
  :: outcome == FAILED ->
    MUST(!mustGoOn(state.at), "what cannot be given up was refused");
    turnRound(state)
  fi
}

/* ---- Controllers ---- */

#define FIRST_CONTROLLER 3 /* its process number */
byte lives;
byte takeUps = TAKE_UPS;

/* What the step at hand does to the world. */
inline address() {
  sent.token = tokenOf(d, (isReverting(my.at) -> my.revert : my.forward));
  sent.pool = base;
  if
  :: my.at == START -> sent.kind = ENSURE; sent.pool = d
  :: my.at == PART -> sent.kind = LEASED_PART
  :: my.at == FULL -> sent.kind = LEASED_FULL
  :: my.at == SETTLE || my.at == FORGET -> sent.kind = SOLE; sent.pool = d
  :: my.at == RETIRE -> sent.kind = STOP
  :: my.at == ZERO || my.at == DROP -> sent.kind = SOLE
  :: my.at == RESTORE -> sent.kind = ENSURE
  :: my.at == REMOVE -> sent.kind = STOP; sent.pool = d
  fi
}

#ifdef ABSENT_IS_STOPPED
#define isStopped (pool[sent.pool] != RUNNING)
#else
#define isStopped (pool[sent.pool] == STOPPED || (pool[sent.pool] == ABSENT && host.token >= sent.token))
#endif

/* Whether what was sent is in force: what an unknown outcome is resolved by. */
inline look() {
  answer = UNKNOWN;
  if
  :: sent.kind <= SOLE && balancer.token == sent.token && !balancer.lapsed -> answer = OK
  :: sent.kind == ENSURE && pool[sent.pool] == RUNNING -> answer = OK
  :: sent.kind == STOP && isStopped -> answer = OK
  :: else
  fi
}

#ifdef ROW_GOES_BACK
#define isBehind false
#else
#define isBehind (my.forward < row.forward || my.revert < row.revert)
#endif

#ifdef NO_RESUMPTION
#define isReplaced false
#else
#define isReplaced (myResumption != resumption)
#endif

#define isAtJournal \
  (d == deployment && myResumption == resumption && my.at == journal.at && my.observing == journal.observing && \
   my.forward == journal.forward && my.revert == journal.revert)

/* Reads where the deployment stands. */
inline adopt() {
  d = deployment;
  base = stable;
  myResumption = resumption;
  copyStanding(journal, my)
}

inline tell() {
  printf("controller %d, deployment %d, ", _pid, d);
  if
  :: my.at == START -> printf("START")
  :: my.at == PART -> printf("PART")
  :: my.at == FULL -> printf("FULL")
  :: my.at == CONFIRM -> printf("CONFIRM")
  :: my.at == SETTLE -> printf("SETTLE")
  :: my.at == RETIRE -> printf("RETIRE")
  :: my.at == FORGET -> printf("FORGET")
  :: my.at == ZERO -> printf("ZERO")
  :: my.at == RESTORE -> printf("RESTORE")
  :: my.at == REMOVE -> printf("REMOVE")
  :: my.at == DROP -> printf("DROP")
  fi;
  if
  :: my.observing -> printf(": looks whether it is in force\n")
  :: else -> printf("\n")
  fi
}

inline carryOut() {
  tell();
  if
  :: my.at == CONFIRM -> answer = OK
  :: else ->
    address();
    if
    :: my.observing -> look()
    :: else -> call()
    fi
  fi;
  outcome = answer;
  forget();
  /* A deadline, a gate, an abort: until the point of no return, whatever became of the call. */
  if
  :: true
  :: !mustGoOn(my.at) && outcome != FAILED -> outcome = FAILED; printf("  the step fails all the same\n")
  fi
}

#ifdef NO_RESERVE
#define firstRevertToken tokenOf(d, my.forward + 1)
#else
#define firstRevertToken tokenOf(d, REVERT_FIRST)
#endif

/* src/engine/take-traffic-away.ts: the first command of the way back, before anything is recorded. */
inline takeTrafficAway() {
  printf("controller %d takes the traffic away\n", _pid);
  sent.kind = SOLE;
  sent.token = firstRevertToken;
  sent.pool = base;
  sent.over = my.lease;
  call();
  forget()
}

proctype controller() {
  Standing my;
  byte d;
  byte base; /* the pool that deployment d replaces */
  byte myResumption;
  byte outcome;

end: /* One that is never needed never comes up. */
  atomic {
    isOpen && lives == _pid - FIRST_CONTROLLER ->
    lives++;
    if
    :: true
    :: takeUps > 0 && lives > 1 ->
      takeUps--;
      resumption++;
      printf("the deployment is taken up where it was recorded\n");
      copyStanding(row, journal);
      noted = 0;
      if
      :: mustGoOn(journal.at) -> again(journal)
      :: else -> turnRound(journal)
      fi
    fi;
    owner = _pid;
    adopt();
    printf("controller %d begins\n", _pid)
  }

  do
  :: atomic { true -> printf("controller %d dies\n", _pid); goto gone }
  :: atomic {
      hasEnded(my.at) -> /* conclude-deployment.ts */
      if
      :: isOpen && d == deployment ->
        isOpen = 0;
        conclusion = my.at;
        printf("deployment %d has ended\n", d);
        if
        :: true -> forgetDeployment(); goto gone
        :: deployment < DEPLOYMENTS ->
          if
          :: my.at == PROMOTED -> stable = d
          :: else
          fi;
          deployment++;
          beginDeployment();
          owner = _pid;
          adopt()
        fi
      :: else -> goto gone
      fi
    }
  :: atomic {
      !hasEnded(my.at) -> /* The intent is recorded: saveProgress. */
      if
      :: !isOpen || d != deployment || isReplaced || isBehind -> printf("controller %d is replaced\n", _pid); goto gone
      :: else
      fi;
      copyStanding(my, row);
      printf("controller %d records its step\n", _pid);
      if
      :: my.at == RETIRE -> isRetiring = 1
      :: else
      fi;
      outcome = (isAtJournal -> noted : 0)
    };
    if
    :: outcome != 0
    :: atomic { outcome == 0 -> printf("controller %d dies\n", _pid); goto gone }
    :: atomic { outcome == 0 -> carryOut() }
    fi;
    atomic {
      if
      :: true
      :: outcome == FAILED && my.lease != 0 && !mustGoOn(my.at) -> takeTrafficAway()
      fi;
      if
      :: isAtJournal && noted == 0 -> noted = outcome /* recordOutcome: the first word stands. */
      :: else
      fi;
      if
#ifdef ZOMBIE_GOES_ON
      :: owner != _pid -> decide(my, d); outcome = 0
#else
      :: owner != _pid -> printf("controller %d is disowned\n", _pid); goto gone
#endif
      :: owner == _pid -> printf("controller %d dies\n", _pid); goto gone
      :: owner == _pid -> /* The checkpoint: only the owner's counts. */
        decide(my, d);
        copyStanding(my, journal);
        noted = 0;
        outcome = 0
      fi
    }
  od;

gone:
  atomic {
    clearStanding(my);
    d = 0;
    base = 0;
    myResumption = 0;
    outcome = 0
  }
}

/* ---- The calm: nobody lives who could act, and every late message has arrived ---- */

proctype calm() {
  timeout ->
  atomic {
    if
    :: conclusion == PROMOTED ->
      MUST(balancer.stable == deployment && balancer.share == NONE, "promoted, but the candidate has not all traffic");
      MUST(pool[deployment] == RUNNING && pool[stable] == STOPPED, "promoted, but the pools say otherwise");
#ifdef NEVER_PROMOTED
      MUST(faults > 0 || lives < LIVES, "promoted after all that may happen")
#endif
    :: conclusion == REVERTED ->
      MUST(balancer.stable == stable && balancer.share == NONE, "reverted, but the old pool has not all traffic");
      MUST(pool[stable] == RUNNING && pool[deployment] != RUNNING, "reverted, but the pools say otherwise");
#ifdef NEVER_REVERTED
      MUST(faults > 0 || lives < LIVES, "reverted after all that may happen")
#endif
    :: isOpen ->
      MUST(!isLeased, "nobody drives, and the candidate keeps its share");
#ifdef NEVER_LEFT
      MUST(balancer.share == NONE, "nobody drives, and the stable pool serves by the lease's end")
#endif
    fi
  }
}

init {
  atomic {
    pool[0] = RUNNING;
    beginDeployment();
    run network();
    run clock();
    run controller();
    run controller();
#if LIVES > 2
    run controller();
#endif
    run calm()
  }
}

/*
 * Delivery between two programs, either of which may be killed between any two steps, over carriers that lose, repeat and
 * reorder: a channel that dies half-way, a second one open at once, a mailbox. docs/specs/delivery.md §7
 *
 *   npm run model:delivery
 *
 * Asserted: what its author is told has arrived is there, and nothing is shown twice. The claim `arrives`: what a user was
 * told is taken arrives, and is settled. Each of the broken variants, by -D, has to fail one of them:
 *
 *   ACK_FIRST      the receiver acknowledges before it stores
 *   SHOW_FIRST     the receiver shows before it stores
 *   NO_HISTORY     the receiver does not look whether it has a message
 *   NO_ARRIVING    two channels may be storing the same message at once
 *   MEMORY_OUTBOX  the sender says that it took a message before it has stored it
 *   SEND_ONCE      the sender never sends again what was not answered
 */
#ifndef N
#define N 2
#endif
#ifndef KILLS
#define KILLS 2
#endif
#define LOSSES 1
#define REPEATS 1

/* what the users know */
bool took[N];    /* the author: the program has it */
byte shown[N];   /* the reader: how often a program said that this is new */

/* disks */
bool queued[N], settled[N], has[N];

/* memory, gone with its process */
bool sent[N], arriving[N];

/* what is under way: sets, since order means nothing; a repeat is what stays in them when it is taken */
bool flying[N], answer[N];

byte kills, losses, repeats, lifeOfA, lifeOfB;

/* one step of a program, which does not happen if it was killed since `again` */
#define step(lives, what) atomic { if :: life != lives -> goto again :: else -> what fi }
#define takeOut(set, i) if :: set[i] = false :: repeats < REPEATS -> repeats++ fi

#define authorDoes(m) \
  :: atomic { !queued[m] && !took[m] -> i = m; goto take } \
  :: atomic { queued[m] && !settled[m] && !sent[m] -> flying[m] = true; sent[m] = true; goto again } \
  :: atomic { answer[m] -> takeOut(answer, m); i = m; goto settle }

/* the channel died, or no answer came in time */
#define authorDoubts(m) \
  :: atomic { sent[m] && !settled[m] && !flying[m] && !answer[m] -> sent[m] = false; goto again }

active proctype Author() {
  byte i, life;
again:
  atomic { life = lifeOfA; i = 0 };
end:
  do
  authorDoes(0)
#if N > 1
  authorDoes(1)
#endif
#ifndef SEND_ONCE
  authorDoubts(0)
#if N > 1
  authorDoubts(1)
#endif
#endif
  od;
take:
#ifdef MEMORY_OUTBOX
  step(lifeOfA, took[i] = true);
  step(lifeOfA, queued[i] = true);
#else
  step(lifeOfA, queued[i] = true);
  step(lifeOfA, took[i] = true);
#endif
  goto again;
settle:
  /* the user is told first: should the note of it be lost, it is told again */
  step(lifeOfA, assert(has[i]));
  step(lifeOfA, settled[i] = true);
  goto again
}

#ifdef NO_ARRIVING
#define mayTake(m) flying[m]
#else
#define mayTake(m) (flying[m] && !arriving[m])
#endif
#define readerTakes(m) \
  :: atomic { mayTake(m) -> takeOut(flying, m); arriving[m] = true; i = m; life = lifeOfB }

/* Each of two channels, or a channel and the collecting of letters. */
active [2] proctype Reader() {
  byte i, life;
again:
  atomic { i = 0; life = 0 };
end:
  if
  readerTakes(0)
#if N > 1
  readerTakes(1)
#endif
  fi;
#ifndef NO_HISTORY
  atomic {
    if
    :: life != lifeOfB -> goto again
    :: life == lifeOfB && has[i] -> arriving[i] = false; answer[i] = true; goto again
    :: else
    fi
  };
#endif
#ifdef ACK_FIRST
  step(lifeOfB, answer[i] = true);
#endif
#ifndef SHOW_FIRST
  step(lifeOfB, has[i] = true);
#endif
  step(lifeOfB, shown[i]++; assert(shown[i] == 1));
#ifdef SHOW_FIRST
  step(lifeOfB, has[i] = true);
#endif
  step(lifeOfB, arriving[i] = false; answer[i] = true);
  goto again
}

#define lose(set, m) :: atomic { losses < LOSSES && set[m] -> losses++; set[m] = false }

/* kill -9, and carriers that lose: as often as is given, at any point */
active proctype Misfortune() {
  byte m;
  do
  :: atomic { kills < KILLS -> kills++; lifeOfA++; m = 0; do :: m < N -> sent[m] = false; m++ :: else -> break od; m = 0 }
  :: atomic { kills < KILLS -> kills++; lifeOfB++; m = 0; do :: m < N -> arriving[m] = false; m++ :: else -> break od; m = 0 }
  lose(flying, 0)
  lose(answer, 0)
#if N > 1
  lose(flying, 1)
  lose(answer, 1)
#endif
  :: break
  od
}

ltl arrives { [] (took[0] -> <> settled[0]) }

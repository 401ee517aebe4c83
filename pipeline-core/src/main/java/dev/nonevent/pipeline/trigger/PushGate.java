package dev.nonevent.pipeline.trigger;

import dev.nonevent.pipeline.source.Branch;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.PreReceiveHook;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.eclipse.jgit.transport.ReceivePack;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides on each ref of one push before any moves. Holds the branches it let through until it is closed, which is after
 * they moved.
 */
final class PushGate implements PreReceiveHook, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PushGate.class);
    private static final String TAGS = "refs/tags/";

    private final Pushes pushes;
    private final Deque<ReentrantLock> held = new ArrayDeque<>();

    PushGate(Pushes pushes) {
        this.pushes = pushes;
    }

    @Override
    public void onPreReceive(ReceivePack pack, Collection<ReceiveCommand> commands) {
        pushes.unpacked();
        PusherTerminal terminal = new PusherTerminal(pack);
        if (pack.isAtomic() && commands.size() > 1) {
            commands.forEach(
                    command -> refuse(command, "several refs at once are decided one by one: push without --atomic"));
            return;
        }
        List<ReceiveCommand> branches = commands.stream()
                .filter(command -> !refusedByRule(command, terminal))
                .filter(command -> !command.getRefName().startsWith(TAGS))
                // Always the same order, so that two pushes of the same branches cannot wait for each other.
                .sorted(Comparator.comparing(ReceiveCommand::getRefName))
                .toList();
        try {
            for (ReceiveCommand command : branches) {
                hold(command, terminal);
            }
            for (ReceiveCommand command : branches) {
                decide(pack, command, terminal);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            refuseRest(branches, "the push server is closing");
        } catch (IOException | RuntimeException broken) {
            LOG.error("a push to {} could not be decided", pushes.repository(), broken);
            refuseRest(branches, "the server could not decide: " + broken.getMessage());
        }
    }

    private static boolean refusedByRule(ReceiveCommand command, PusherTerminal terminal) {
        String ref = command.getRefName();
        if (ref.startsWith(TAGS)) {
            if (command.getType() != ReceiveCommand.Type.CREATE) {
                refuse(command, "a tag stays where it is: use a new name");
                return true;
            }
            terminal.line("tag " + ref.substring(TAGS.length()) + ": accepted without a run");
            return false;
        } else if (Branch.ofRef(ref).isEmpty()) {
            refuse(command, "only tags, and branches named by letters, digits and ._/+@=-, are taken");
        } else if (command.getType() == ReceiveCommand.Type.DELETE) {
            refuse(command, "branches are not deleted by a push");
        } else if (command.getType() == ReceiveCommand.Type.UPDATE_NONFASTFORWARD) {
            refuse(command, "history is not rewritten: pull and push again");
        } else {
            return false;
        }
        return true;
    }

    private void hold(ReceiveCommand command, PusherTerminal terminal) throws InterruptedException {
        ReentrantLock lock = pushes.lockOf(command.getRefName());
        if (!lock.tryLock()) {
            terminal.line("waiting: another push to " + command.getRefName() + " is being decided");
            lock.lockInterruptibly();
        }
        held.push(lock);
    }

    private void decide(ReceivePack pack, ReceiveCommand command, PusherTerminal terminal)
            throws IOException, InterruptedException {
        Ref now = pack.getRepository().exactRef(command.getRefName());
        ObjectId at = now == null || now.getObjectId() == null ? ObjectId.zeroId() : now.getObjectId();
        if (!at.equals(command.getOldId())) {
            refuse(command, "the branch has moved meanwhile: pull and push again");
            return;
        }
        try (RevWalk walk = new RevWalk(pack.getRepository())) {
            RevCommit commit = walk.parseCommit(command.getNewId());
            Branch branch = Branch.ofRef(command.getRefName()).orElseThrow();
            Optional<String> refusal = new BranchRun(pushes, branch, commit, terminal).refusal();
            refusal.ifPresent(words -> refuse(command, words));
        } catch (IncorrectObjectTypeException notACommit) {
            refuse(command, "a branch points to a commit, and this is none");
        }
    }

    private static void refuse(ReceiveCommand command, String words) {
        command.setResult(ReceiveCommand.Result.REJECTED_OTHER_REASON, PusherTerminal.clean(words));
    }

    private static void refuseRest(List<ReceiveCommand> commands, String words) {
        ReceiveCommand.filter(commands, ReceiveCommand.Result.NOT_ATTEMPTED).forEach(command -> refuse(command, words));
    }

    @Override
    public void close() {
        while (!held.isEmpty()) {
            held.pop().unlock();
        }
    }
}

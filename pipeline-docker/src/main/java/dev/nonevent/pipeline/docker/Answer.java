package dev.nonevent.pipeline.docker;

import dev.nonevent.pipeline.docker.inside.EndMark;
import dev.nonevent.pipeline.docker.inside.Printed;
import dev.nonevent.pipeline.docker.inside.ShellWords;
import dev.nonevent.pipeline.executor.CommandOutput;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What is heard of one command of a stage: what it prints, and the last word of the shell around it, which is on both
 * outputs. One thread hears; any may wait for the end, and who has waited may ask.
 */
final class Answer {

    private final Printed printed;
    private final EndMark mark = new EndMark(this::print);
    private final EndMark otherMark;
    private final CompletableFuture<Void> complete = new CompletableFuture<>();
    private final CompletableFuture<Void> spoiled = new CompletableFuture<>();

    Answer(CommandOutput output) {
        this.printed = new Printed(output, true);
        this.otherMark = mark.on(printed::complain);
    }

    /** What the shell is to say last. */
    String mark() {
        return mark.word();
    }

    void say(byte[] bytes) {
        mark.write(bytes);
        completeIfWhole();
    }

    void complain(byte[] bytes) {
        otherMark.write(bytes);
        completeIfWhole();
    }

    private void completeIfWhole() {
        if (mark.isWhole() && otherMark.isWhole()) {
            complete.complete(null);
        }
    }

    /** What the receiver throws does not keep the end from being heard. */
    private void print(byte[] bytes) {
        if (spoiled.isDone()) {
            return;
        }
        try {
            printed.say(bytes);
        } catch (RuntimeException e) {
            spoiled.completeExceptionally(e);
        }
    }

    /** Completes when the shell has had the last word, and with it all has been heard. */
    CompletableFuture<Void> complete() {
        return complete;
    }

    boolean isComplete() {
        return complete.isDone();
    }

    /** Never completes but with what the receiver of the output threw. */
    CompletableFuture<Void> spoiled() {
        return spoiled;
    }

    int exitCode() {
        return Math.toIntExact(mark.number(1));
    }

    /** How often the kernel has killed meanwhile for want of memory. */
    long kills() {
        return mark.number();
    }

    /** Whether the shell was asked to end while the command ran, by whomever. */
    boolean wasAskedToEnd() {
        return mark.hasRemark();
    }

    /** Why it could not be started; empty if it was. */
    Optional<String> neverBegan() {
        int exitCode = exitCode();
        return exitCode == 126 || exitCode == 127 ? ShellWords.neverBegan(printed.complaint()) : Optional.empty();
    }

    /** What was said on the other output, on which only the shell speaks. */
    String complaint() {
        return printed.complaint();
    }

    /** A line of our own. */
    void note(String line) {
        printed.note(line);
    }

    /** Nothing more is heard; what it could not finish is passed on. */
    void end() {
        if (!isComplete()) {
            mark.end();
            otherMark.end();
            printed.sayComplaint();
        }
    }

    List<String> lastLines() {
        return printed.lastLines();
    }
}

package dev.nonevent.pipeline.docker;

import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.engine.ImageShelf;
import dev.nonevent.pipeline.docker.engine.Leftovers;
import dev.nonevent.pipeline.docker.engine.Owner;
import dev.nonevent.pipeline.docker.inside.Workspace;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.CommandOutput;
import dev.nonevent.pipeline.executor.CommandResult;
import dev.nonevent.pipeline.executor.Pins;
import dev.nonevent.pipeline.time.TimeSource;
import java.nio.file.Path;
import java.util.Optional;

/** A connection to the engine for the containers of one workspace, with what dead processes left there removed and the image there. */
final class Visit implements AutoCloseable {

    private final Engine engine;
    private final Creation creation;

    private Visit(Engine engine, Creation creation) {
        this.engine = engine;
        this.creation = creation;
    }

    /**
     * @param pins what the image's name means is looked up here, and kept here if it is the first time
     * @param output is told of a pull
     */
    static Visit to(Surroundings surroundings, Pins pins, Path directory, CommandOutput output)
            throws InterruptedException {
        Workspace workspace = Workspace.of(directory, surroundings.user);
        Engine engine = Engine.at(surroundings.engine);
        try {
            Optional<Owner> self = Owner.self();
            self.ifPresent(owner -> new Leftovers(engine).removeAll(owner));
            String name = "image " + surroundings.image + " on " + engine.address();
            Optional<String> known = pins.meaning(name);
            String id = known.isPresent()
                    ? known.get()
                    : pins.pin(name, new ImageShelf(engine).require(surroundings.image, surroundings.mayPull, output));
            return new Visit(engine, new Creation(engine, surroundings, id, workspace, self));
        } catch (InterruptedException | RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    Creation creation() {
        return creation;
    }

    /** In a container of its own. */
    CommandResult carryOut(Command command, CommandOutput output, boolean shell, TimeSource time)
            throws InterruptedException {
        return new Execution(creation.of(command, shell), command, creation.surroundings(), shell, output, time).run();
    }

    @Override
    public void close() {
        engine.close();
    }
}

package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.testkit.FakeWorld;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A test of what happens in a {@link Shop}; nothing forbidden may have happened at its end. */
@Timeout(60)
abstract class InAShop {

    @TempDir(factory = InMemory.class)
    Path home;

    Shop shop;
    FakeWorld world;

    @BeforeEach
    void open() {
        shop = new Shop(home);
        world = shop.world;
    }

    @AfterEach
    void nothingForbiddenHappened() {
        assertThat(world.violations()).isEmpty();
    }
}

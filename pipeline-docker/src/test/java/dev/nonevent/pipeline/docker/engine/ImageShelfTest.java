package dev.nonevent.pipeline.docker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageShelfTest {

    @ParameterizedTest
    @CsvSource({
        "busybox, busybox:latest",
        "busybox:1.36, busybox:1.36",
        "localhost:5000/shop, localhost:5000/shop:latest",
        "localhost:5000/shop:1, localhost:5000/shop:1",
        "shop@sha256:00, shop@sha256:00"
    })
    void withoutATagOnlyLatestIsPulledAndNotEveryTag(String image, String pulled) {
        assertThat(ImageShelf.tagged(image)).isEqualTo(pulled);
    }
}

package dev.nonevent.pipeline.docker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.model.PullResponseItem;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a log has of a pull, and which of its failures are tried again. */
class PullProgressTest {

    private final List<String> lines = new ArrayList<>();
    private final PullProgress progress = new PullProgress(lines::add);

    @Test
    void aPullIsToldInQuartersAndNotInItsThousandItems() throws Exception {
        item("{'status':'Pulling from shop','id':'1'}");
        item("{'status':'Pulling fs layer','progressDetail':{},'id':'a1'}");
        for (int i = 1; i <= 100; i++) {
            item("{'status':'Downloading','progressDetail':{'current':" + i + "000000,'total':100000000},'id':'a1'}");
        }
        item("{'status':'Download complete','progressDetail':{},'id':'a1'}");
        item("{'status':'Extracting','progressDetail':{'current':5,'total':100},'id':'a1'}");
        item("{'status':'Digest: sha256:4f'}");

        assertThat(lines)
                .containsExactly(
                        "downloaded 25 of 100 MB",
                        "downloaded 50 of 100 MB",
                        "downloaded 75 of 100 MB",
                        "downloaded 100 of 100 MB",
                        "Digest: sha256:4f");
    }

    @Test
    void aLayerThatIsFoundLaterTakesNothingBack() throws Exception {
        item("{'status':'Downloading','progressDetail':{'current':6000000,'total':10000000},'id':'a1'}");
        item("{'status':'Downloading','progressDetail':{'current':1000000,'total':90000000},'id':'b2'}");
        item("{'status':'Download complete','id':'a1'}");
        item("{'status':'Downloading','progressDetail':{'current':80000000,'total':90000000},'id':'b2'}");

        assertThat(lines).containsExactly("downloaded 6 of 10 MB", "downloaded 90 of 100 MB");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "received unexpected HTTP status: 503 Service Unavailable",
                "Get \"https://r/v2/\": dial tcp 10.0.0.1:443: i/o timeout",
                "Get \"https://r/v2/\": EOF",
                "Get \"https://r/v2/\": net/http: TLS handshake timeout",
                "read tcp 10.0.0.2:1->10.0.0.1:443: read: connection reset by peer",
                "toomanyrequests: You have reached your pull rate limit."
            })
    void aBadMomentIsWorthAnotherAttempt(String reason) {
        assertThat(new PullFailedException("shop:1", reason).mayPass()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "manifest for shop:1 not found: manifest unknown: manifest unknown",
                "unauthorized: authentication required",
                "pull access denied for shop, repository does not exist or may require 'docker login'",
                "Get \"https://r/v2/\": dial tcp: lookup r: no such host",
                "no matching manifest for linux/arm64/v8 in the manifest list entries",
                "x509: certificate signed by unknown authority"
            })
    void whatARegistryWillSayAgainIsNotAskedAgain(String reason) {
        assertThat(new PullFailedException("shop:1", reason).mayPass()).isFalse();
    }

    private void item(String json) throws Exception {
        progress.take(new ObjectMapper().readValue(json.replace('\'', '"'), PullResponseItem.class));
    }
}

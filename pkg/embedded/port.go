package embedded

import (
	"context"
	"fmt"
	"net"
	"strconv"
)

// loopback is the only address that embedded servers listen on.
const loopback = "127.0.0.1"

// reservePort returns wanted after checking that nobody listens there, or any
// free port when wanted is 0. The answer can be outdated a moment later, so
// callers that asked for any port try again when the server cannot bind.
func reservePort(ctx context.Context, server string, wanted int) (int, error) {
	if wanted < 0 || wanted > 65535 {
		return 0, fmt.Errorf("%s: %d is not a port (0 to 65535, 0 chooses a free one)", server, wanted)
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp4", net.JoinHostPort(loopback, strconv.Itoa(wanted)))
	if err != nil {
		return 0, fmt.Errorf("%s: port %d on %s cannot be used (%w): %w; choose another port or stop the other program",
			server, wanted, loopback, err, ErrPortTaken)
	}
	address, isTCP := listener.Addr().(*net.TCPAddr)
	if err := listener.Close(); err != nil {
		return 0, fmt.Errorf("release the probed port: %w", err)
	}
	if !isTCP {
		return 0, fmt.Errorf("%s: unexpected kind of address %s", server, listener.Addr().Network())
	}
	return address.Port, nil
}

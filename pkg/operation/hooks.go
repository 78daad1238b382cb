package operation

// Point names an instant at which a test may stop the process.
type Point string

// The instants, in the order a run meets them.
const (
	PointRunInserted     Point = "start.inserted"
	PointStartCommitted  Point = "start.committed"
	PointDispatchPicked  Point = "dispatch.picked"
	PointEnqueued        Point = "dispatch.enqueued"
	PointDispatched      Point = "dispatch.marked"
	PointTaskReceived    Point = "worker.task_received"
	PointLeaseTaken      Point = "worker.lease_taken"
	PointGatesChecked    Point = "worker.gates_checked"
	PointItemBegun       Point = "item.begun"
	PointBeforeSettle    Point = "item.before_settle"
	PointSettleCommitted Point = "item.settle_committed"
	PointBetweenItems    Point = "item.between"
	PointBeforeTerminal  Point = "terminal.before"
	PointInTerminal      Point = "terminal.inside"
	PointAfterTerminal   Point = "terminal.after"
)

// Hook is called at each Point; recovery specs kill the process in it. It is nil
// in production.
type Hook func(Point)

// At calls the hook, if there is one.
func (h Hook) At(p Point) {
	if h != nil {
		h(p)
	}
}

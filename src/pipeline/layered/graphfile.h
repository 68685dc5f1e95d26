#pragma once

#include "base/result.h"
#include "pipeline/layered/layered.h"

#include <QByteArray>

namespace pilothouse {

/// A graph from a file, for benches and the command line:
/// `{"nodes": [{"id": 7, "w": 180, "h": 48}, …], "edges": [[7, 9], …]}`; other members are passed
/// over. Its picture runs from top to bottom while ours runs from left to right, so width and
/// height are changed over in `input` and back in drawingOf.
struct GraphFile
{
    LayoutInput input;
    QList<int> ids; ///< one for each node
};

/// An error says what is wrong with which node or edge, counted from 1.
[[nodiscard]] Result<GraphFile> readGraphFile(const QByteArray &json);

/// The picture as text, a line each: `n ID X Y W H` for a node with its centre, `e FROM TO COUNT`
/// and that many pairs `X Y` for an edge; from top to bottom.
[[nodiscard]] QByteArray drawingOf(const GraphFile &file, const LayoutResult &layout);

} // namespace pilothouse

#pragma once

#include "pipeline/expression/functions.h"

#include <QStringList>

namespace pilothouse {

/// What an expression may name at a place.
struct ExpressionNames
{
    QStringList contexts;
    QList<ExpressionFunction> functions; ///< beside those that can be called everywhere
};

/// A name that must not stand where it does.
struct NameMistake
{
    enum class Kind {
        Wrong, ///< the CI host refuses it
        New,   ///< it may be newer than this program
    };

    ExpressionError error;
    QString hint; ///< the nearest right name; empty = nothing is near
    Kind kind = Kind::Wrong;
};

/// All names that are not in `allowed`, calls with too few or too many arguments, and a format()
/// whose pattern cannot be filled, in the order in which they are read. Nothing in them is New if
/// it looks like a known one.
[[nodiscard]] QList<NameMistake> checkNames(const ExpressionNode &node,
                                            const ExpressionNames &allowed);

} // namespace pilothouse

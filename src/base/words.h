#pragma once

#include <QCoreApplication>

namespace pilothouse {

/// Everything that is said to a person by what is no QObject: `Words::tr("…")`.
struct Words
{
    Q_DECLARE_TR_FUNCTIONS(pilothouse::Words)
};

} // namespace pilothouse

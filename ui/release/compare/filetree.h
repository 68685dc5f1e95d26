#pragma once

#include "release/compare/comparison.h"

#include <QTreeWidget>

namespace pilothouse {

/// The files that differ, by kind: changes first, code last.
class FileTree final : public QTreeWidget
{
    Q_OBJECT

public:
    explicit FileTree(QWidget *parent = nullptr);

    void setComparison(const Comparison &comparison);
};

} // namespace pilothouse

#pragma once

namespace pilothouse {

/// What the rules must know beside the workflow files.
struct Surroundings
{
    enum class Migrations {
        InWorkflows, ///< as far as is known, nobody else migrates production
        ByConsole,   ///< the workspace names a database with change files: the console does
    };

    Migrations migrations = Migrations::InWorkflows;

    bool operator==(const Surroundings &) const = default;
};

} // namespace pilothouse

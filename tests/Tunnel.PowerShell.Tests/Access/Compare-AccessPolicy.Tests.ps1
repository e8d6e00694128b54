BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
    New-AccessPolicy ssh.example.test -Name staff -Decision Allow -Include '@example.com' | Out-Null
}

AfterAll { Stop-Lab $lab }

Describe 'Compare-AccessPolicy' {
    It 'says who loses and who gains, and by which policy' {
        $after = @{ Name = 'partners'; Decision = 'Allow'; Include = '@example.org' }
        $seen = 'alice@example.com', 'bob@example.org', 'eve@example.net' | Compare-AccessPolicy ssh.example.test -DifferencePolicy $after
        $seen.Effect | Should -Be Loses, Gains
        $seen.Policy | Should -Be staff, partners
    }

    It 'shows all with -IncludeEqual' {
        (Compare-AccessPolicy ssh.example.test -DifferencePolicy (Get-AccessPolicy ssh.example.test) -Email alice@example.com -IncludeEqual).Effect |
            Should -Be StaysIn
    }
}
